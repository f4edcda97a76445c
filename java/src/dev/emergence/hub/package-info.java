/** Checkpoints of others, in the layout of the public model hub, and what they are capable of. */
package dev.emergence.hub;
