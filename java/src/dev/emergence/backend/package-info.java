/**
 * The cpu and cuda backends over the generated binding {@code Em}, and the catalog of devices; sole
 * user of JavaCPP.
 */
package dev.emergence.backend;
