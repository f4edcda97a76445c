/**
 * From a tree to records: the shapes of keys, defaults, merging, short forms, and suggestions for
 * what is misspelt.
 */
package dev.emergence.dsl.bind;
