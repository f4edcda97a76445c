/**
 * One run, from the claim on it to its complete folder: the worker, the threads that work side by
 * side, and what is stored at which moment.
 */
package dev.emergence.execute.run;
