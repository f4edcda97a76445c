/** What is written about the language: reference page, JSON schema, skeletons. */
package dev.emergence.dsl.page;
