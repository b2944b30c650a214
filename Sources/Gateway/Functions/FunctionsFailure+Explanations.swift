package import Diagnostics

extension FunctionsFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .throttled:
            Explanation(
                meaning: "a function was not run: too many of its invocations, or of all functions, are running",
                cause: "the function's reserved concurrency or the engine's limit of processes is reached",
                remedy: "call again later, reserve more for the function, or raise the engine's limit")
        case .eventTooLarge:
            Explanation(
                meaning: "an event is larger than a function takes",
                cause: "6 MiB is the limit where a caller waits for the answer, 256 KiB where none does",
                remedy: "send less; pass large data by reference")
        case .eventsFull:
            Explanation(
                meaning: "an event that nobody waits for was refused",
                cause: "as many events wait already as the engine keeps: 1000, or 64 MiB of them",
                remedy: "send it again later")
        case .runtimeUnknown:
            Explanation(
                meaning: "the engine has no program for the function's runtime",
                cause: "runtimes with a `bootstrap` of their own always run; others only where the operator named one",
                remedy: "name the runtime's program in the engine's configuration, or use a runtime `provided...`",
                example: "python3.11")
        case .startRefused:
            Explanation(
                meaning: "the system did not start a process for a function",
                cause: "it is out of processes, memory or file descriptors",
                remedy: "see the cause, and what else runs on this machine")
        case .stopped:
            Explanation(
                meaning: "a function was not run, or was ended, because the engine is stopping",
                cause: "the engine was told to stop",
                remedy: "call again once it runs")
        case .archiveInvalid:
            Explanation(
                meaning: "an archive of code cannot be taken",
                cause: "it is no zip archive, is damaged, is encrypted, or has a file that would leave its folder, a "
                    + "link, or a name twice",
                remedy: "make the archive anew from plain files and folders",
                example: "../bootstrap")
        case .archiveTooLarge:
            Explanation(
                meaning: "an archive of code, or what is in it, is too large",
                cause: "50 MiB is the limit of the archive, 250 MiB and 20,000 files of what is in it",
                remedy: "leave out what the function does not need")
        case .codeNotKept:
            Explanation(
                meaning: "the code of a function could not be written to the folder of code",
                cause: "the disk is full, or the folder cannot be written",
                remedy: "make room, and see that the engine may write to the folder")
        }
    }
}
