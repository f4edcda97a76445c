/** The float64 backend, plain loops: the judge of the others. */
package dev.emergence.reference;
