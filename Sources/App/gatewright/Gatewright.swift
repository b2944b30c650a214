import ArgumentParser

/// The program: one binary for the controller, the engine and the command line.
@main
struct Gatewright: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatewright",
        abstract: "GitOps for API gateways: a commit becomes a live API, or nothing changes.",
        version: Version.text,
        subcommands: [
            InitCommand.self, ValidateCommand.self, PlanCommand.self, DiffCommand.self, ApplyCommand.self,
            DriftCommand.self, HistoryCommand.self, ShowCommand.self, RollbackCommand.self, PauseCommand.self,
            ResumeCommand.self, StateCommand.self, ApproveCommand.self, DestroyCommand.self, ImportCommand.self,
            ExportCommand.self, ServeCommand.self, EngineCommand.self, ExplainCommand.self, DoctorCommand.self,
            WhyCommand.self, GitTransferCommand.self,
        ]
    )
}
