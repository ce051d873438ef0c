/// What was found in one file.
struct FileFindings: Sendable {
  /// Rows read and compared.
  var rows: Int64 = 0
  /// What is wrong.
  var damages: [Damage] = []
}

/// The checks that every finished file of a database gets.
enum FileVerifier {
  /// What SQLite's own check says; nil when all is well.
  static func integrityFinding(_ connection: Connection) throws -> String? {
    let statement = try connection.prepare("PRAGMA integrity_check(1)")
    guard try statement.step(), statement.text(0) != "ok" else { return nil }
    return "integrity check: \(statement.text(0))"
  }

  /// Runs `body`, and turns an error of the store about the file's contents into a finding.
  static func findings(_ path: String, remedy: String, _ body: (inout FileFindings) throws -> Void) throws
    -> FileFindings
  {
    var findings = FileFindings()
    do { try body(&findings) } catch let error as StoreError where error.code == .damaged {
      findings.damages.append(Damage(path, finding(error), remedy: remedy))
    }
    return findings
  }

  /// What an error says, without its advice to do what is being done.
  static func finding(_ error: StoreError) -> String {
    let parts = error.message.split(separator: ";").filter { !$0.contains("`xmdb verify") }
    return parts.isEmpty ? error.message : parts.joined(separator: ";")
  }
}
