import CatalogStore
import Foundation

/// The runs that are not finished, for people or as JSON.
struct StatusReport {
  /// One of them.
  struct Entry {
    let run: RunInfo
    /// What whoever runs it wrote last; nil if nobody has.
    let status: RunStatus?
    let life: RunLife
    let problems: [RunProblem]
    let chunksDone: Int
    let chunks: Int
  }

  let entries: [Entry]

  /// Reads the registry and the status files.
  init(_ database: SkyDatabase) throws {
    let registry = try database.registry()
    entries = try registry.allRuns().filter { $0.finished == nil }.map { run in
      let status = RunStatus(database, run: run.id)
      let (done, chunks) = try registry.chunkCounts(of: run.id)
      return Entry(
        run: run, status: status, life: RunLife(status), problems: try registry.problems(of: run.id), chunksDone: done,
        chunks: chunks)
    }
  }

  /// Whether anybody works on any of them.
  var isAnythingRunning: Bool { entries.contains { $0.life.isRunning } }

  var lines: [String] {
    if entries.isEmpty { return ["No run is unfinished; `xmdb runs` lists the finished ones."] }
    return Array(entries.map(\.lines).joined(separator: [""]))
  }

  var json: JSONValue { .list(entries.map(\.json)) }
}

extension StatusReport.Entry {
  /// Reasons that are shown to people.
  private static let shownProblems = 10

  var lines: [String] {
    var lines = ["run \(run.id), \(run.catalogueA) × \(run.catalogueB): \(life.text)"]
    if let status {
      lines += ["  " + progress(status)]
      if !status.inFlight.isEmpty { lines.append("  " + inFlight(status)) }
    } else {
      lines.append("  \(Format.count(Int64(chunksDone))) of \(Format.count(Int64(chunks), "chunk")) done")
    }
    lines += problems.prefix(Self.shownProblems).map(MatchReport.line)
    if problems.count > Self.shownProblems {
      lines.append("  and \(problems.count - Self.shownProblems) more set aside")
    }
    if !life.isRunning { lines.append("  go on: \(command)") }
    return lines
  }

  private func progress(_ status: RunStatus) -> String {
    var parts = ["\(status.stage), \(Format.count(Int64(status.done))) of \(Format.count(Int64(status.total)))"]
    if let speed = status.sourcesPerSecond { parts.append("\(Format.short(speed)) sources/s") }
    if let left = status.secondsLeft { parts.append("\(Format.seconds(left.rounded())) left") }
    if status.failures > 0 { parts.append(Format.count(Int64(status.failures), "failed attempt")) }
    if status.setAside > 0 { parts.append("\(status.setAside) set aside") }
    return parts.joined(separator: "; ")
  }

  private func inFlight(_ status: RunStatus) -> String {
    let text = "\(Format.count(Int64(status.inFlight.count), "piece")) in flight"
    guard let longest = status.inFlight.max(by: { $0.seconds < $1.seconds }) else { return text }
    return text
      + ", the longest \(longest.order)/\(longest.pixel) on rank \(longest.rank) for \(Format.seconds(longest.seconds))"
  }

  /// What goes on with it: the same command, which must not begin again.
  private var command: String {
    let known = status.map { $0.command.filter { $0 != "--redo" }.map(Self.quoted).joined(separator: " ") }
    if known == nil, run.kind == .corrections { return "xmdb correct \(run.catalogueA) --against \(run.catalogueB)" }
    return known
      ?? "xmdb match \(run.catalogueA) \(run.catalogueB), with the options of its configuration (`xmdb runs --json`)"
  }

  private static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,+".contains($0) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("run", .integer(run.id)), ("a", .text(run.catalogueA)), ("b", .text(run.catalogueB)),
      ("started", .text(run.started)), ("state", .text(life.name)), ("chunks_done", .integer(Int64(chunksDone))),
      ("chunks", .integer(Int64(chunks))), ("set_aside", .list(problems.map(MatchReport.json))),
    ]
    if let status { members += status.members }
    return .object(members)
  }
}

extension RunStatus {
  /// As JSON, in the order of importance.
  fileprivate var members: [(String, JSONValue)] {
    [
      ("stage", .text(stage)), ("done", .integer(Int64(done))), ("total", .integer(Int64(total))),
      ("resumed", .integer(Int64(resumed))), ("sources_per_s", .real(sourcesPerSecond)),
      ("seconds", .real(seconds)), ("seconds_left", .real(secondsLeft)), ("failures", .integer(Int64(failures))),
      ("processes", .integer(Int64(processes))), ("workers", .integer(Int64(workers))), ("host", .text(host)),
      ("pid", .integer(Int64(pid))), ("seconds_silent", .real(max(0, Date().timeIntervalSince1970 - written))),
      ("command", .texts(command)),
      (
        "in_flight",
        .list(
          inFlight.map {
            .object([
              ("order", .integer(Int64($0.order))), ("pixel", .integer($0.pixel)), ("rank", .integer(Int64($0.rank))),
              ("seconds", .real($0.seconds)),
            ])
          })
      ),
    ]
  }
}
