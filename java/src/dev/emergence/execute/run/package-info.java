/** One run, from claim to complete folder: the worker, its pool of threads, what is stored when. */
package dev.emergence.execute.run;
