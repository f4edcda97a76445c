/** The page of a results folder: what a browser shows of it, live or in one file. */
package dev.emergence.page;
