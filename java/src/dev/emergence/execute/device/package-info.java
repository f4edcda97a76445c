/** Which device computes, how many runs fit on it together, and how fast it is. */
package dev.emergence.execute.device;
