package dev.valence.cli;

import picocli.CommandLine.Command;

/** {@code valence model}: the model repository. */
@Command(
    name = "model",
    description = "Lists, shows, checks and publishes models.",
    subcommands = {
      ModelListCommand.class,
      ModelInspectCommand.class,
      ModelVerifyCommand.class,
      ModelPublishCommand.class
    })
final class ModelCommand {}
