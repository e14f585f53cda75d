/**
 * The {@code valence} commands. Arguments and files enter; data leaves on stdout, progress and
 * errors on stderr, the outcome as exit code: 0 success, 1 failure, 2 bad usage. A user's mistake
 * ends in one line, never in a stack trace. The package holds no logic of scoring or training: it
 * joins the other rooms and owns their lifecycles.
 */
package dev.valence.cli;
