/** Layers with hand-written forward and backward; architectures; one a file. */
package dev.emergence.model;
