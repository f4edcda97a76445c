/** Workers in processes of their own, what they say to the parent, and signals. */
package dev.emergence.execute.process;
