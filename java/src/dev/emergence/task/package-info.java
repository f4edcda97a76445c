/**
 * Tasks. Each draws its sequences, knows which positions a query should attend to, and what the
 * best predictor and a guesser score. One task a file.
 */
package dev.emergence.task;
