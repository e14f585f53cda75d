package dev.valence.cli;

import picocli.CommandLine.Command;

/** {@code valence model}: the model repository. */
@Command(
    name = "model",
    description = "Lists, shows, checks and publishes models, and says which one scores.",
    subcommands = {
      ModelListCommand.class,
      ModelInspectCommand.class,
      ModelVerifyCommand.class,
      ModelPublishCommand.class,
      ModelActivateCommand.class,
      ModelPromoteCommand.class,
      ModelWithdrawCommand.class,
      ModelRollbackCommand.class,
      ModelStatusCommand.class
    })
final class ModelCommand {}
