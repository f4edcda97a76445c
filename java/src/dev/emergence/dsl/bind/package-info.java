/**
 * A tree to records: shapes of keys, defaults, merging, short forms, suggestions for what is
 * misspelt.
 */
package dev.emergence.dsl.bind;
