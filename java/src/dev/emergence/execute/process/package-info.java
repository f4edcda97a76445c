/** Workers as processes of their own, the messages that they send to the parent, and signals. */
package dev.emergence.execute.process;
