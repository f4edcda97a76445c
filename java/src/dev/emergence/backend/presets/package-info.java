/**
 * What JavaCPP's parser makes the binding {@code Em} from: the headers of {@code
 * native/include/em}.
 */
package dev.emergence.backend.presets;
