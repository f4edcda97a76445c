/** The commands of {@code emergence}: what a user types and reads, and what the exit code says. */
package dev.emergence.cli;
