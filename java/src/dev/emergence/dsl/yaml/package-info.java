/**
 * Text to a tree whose every value knows file, line and column, and the problems that are found on
 * the way; the sole user of the YAML library.
 */
package dev.emergence.dsl.yaml;
