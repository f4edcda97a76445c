/** Studies of finished runs: they read stored parameters, compute forward alone, give tables. */
package dev.emergence.study;
