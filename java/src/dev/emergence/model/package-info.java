/**
 * Models: layers with a hand-written forward and backward pass, and the architectures that are made
 * of them, one a file.
 */
package dev.emergence.model;
