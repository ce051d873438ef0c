import CSQLiteBoot
import CatalogStore
import Foundation
import Testing

@testable import SQLExt

@Suite struct InventoryTests {
  init() { _ = xsql_bootstrap() }

  /// Functions that SQLite knows, by name and number of arguments.
  private func functions(of host: SQLHost) throws -> Set<String> {
    Set(try host.rows("SELECT name || '/' || narg FROM pragma_function_list"))
  }

  private func modules(of host: SQLHost) throws -> Set<String> {
    Set(try host.rows("SELECT name FROM pragma_module_list"))
  }

  /// Names with their numbers of arguments.
  private let forms =
    SQLInventory.functions.map { "\($0.name)/\($0.parameters.count)" }
    + SQLInventory.aggregates.map { "\($0.name)/\($0.parameters.count)" }

  @Test func exactlyTheInventoryIsRegistered() throws {
    let bare = try SQLHost(registered: false)
    let host = try SQLHost()
    _ = try host.rows("SELECT * FROM pragma_function_list, pragma_module_list LIMIT 1")
    _ = try bare.rows("SELECT * FROM pragma_function_list, pragma_module_list LIMIT 1")
    let functions = try functions(of: host).subtracting(functions(of: bare))
    #expect(functions == Set(forms))
    let modules = try modules(of: host).subtracting(modules(of: bare))
    #expect(modules == Set(SQLInventory.tables.map(\.name)))
  }

  @Test func noNameIsTakenTwiceOrFromSQLite() throws {
    // A function may have several forms, told apart by their numbers of arguments.
    let aggregates = SQLInventory.aggregates.map(\.name)
    #expect(Set(forms).count == forms.count)
    #expect(Set(SQLInventory.functions.map(\.name)).isDisjoint(with: aggregates + SQLInventory.tables.map(\.name)))
    let names = SQLInventory.functions.map(\.name) + aggregates + SQLInventory.tables.map(\.name)
    #expect(names.allSatisfy { $0.hasPrefix("xm_") || $0 == "xmatch" })
    let bare = try SQLHost(registered: false)
    #expect(Set(try bare.rows("SELECT name FROM pragma_function_list")).isDisjoint(with: names))
  }

  @Test func theFlagsAreThoseOfTheReach() throws {
    let host = try SQLHost()
    let (deterministic, directOnly, innocuous) = (0x800, 0x80000, 0x200000)
    for function in SQLInventory.functions {
      let flags = Int(
        try host.value(
          """
          SELECT flags FROM pragma_function_list
          WHERE name = '\(function.name)' AND narg = \(function.parameters.count)
          """))!
      switch function.reach {
      case .pure: #expect(flags & (deterministic | innocuous) == deterministic | innocuous, "\(function.name)")
      case .files: #expect(flags & (directOnly | deterministic | innocuous) == directOnly, "\(function.name)")
      }
    }
  }

  @Test func everyFunctionsExampleGivesItsAnswer() throws {
    let path = FileManager.default.temporaryDirectory.path + "/xmdb-inventory-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try SkyDatabase.openOrCreate(at: path)
    let host = try SQLHost(databasePath: path)
    for function in SQLInventory.functions {
      let rows = try host.rows(function.example.replacingOccurrences(of: "sky.xmdb", with: path))
      guard let answer = function.answer?.replacingOccurrences(of: "sky.xmdb", with: path) else { continue }
      #expect(rows.joined(separator: "\n") == answer, "\(function.example)")
      #expect(function.example.contains(function.name))
    }
  }

  @Test func everyAggregatesExampleGivesItsAnswer() throws {
    let host = try SQLHost()
    for function in SQLInventory.aggregates {
      #expect(try host.rows(function.example).joined(separator: "\n") == function.answer, "\(function.example)")
      #expect(function.example.contains(function.name))
    }
  }

  /// `XMDB_WRITE_DOCS=1 swift test --filter InventoryTests` writes the page anew.
  @Test func theReferencePageIsInStep() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/sql.md").standardized
    if ProcessInfo.processInfo.environment["XMDB_WRITE_DOCS"] != nil {
      try FileManager.default.createDirectory(at: page.deletingLastPathComponent(), withIntermediateDirectories: true)
      try SQLInventory.markdown().write(to: page, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: page, encoding: .utf8) == SQLInventory.markdown(), "docs/sql.md is out of step")
  }
}
