/** Serves the page of results folders on this machine alone, and keeps it current. */
package dev.emergence.watch;
