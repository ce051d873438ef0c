import CProcessor
import CSQLite
import CatalogStore
import Glibc

/// The answer of `xm_debug()`: where this code runs, for reports of defects.
enum DebugFacts {
  /// Lines `name: value`.
  static func text(_ context: XMDBContext) -> String {
    let facts = [
      ("xmdb", Program.version), ("SQLite", sqlite), ("options", options), ("processor", processor),
      ("threads", String(WorkerThreads.available)), ("system", system),
    ]
    return (facts + database(context)).map { "\($0): \($1)" }.joined(separator: "\n")
  }

  private static var sqlite: String { String(cString: xsql_libversion()) }

  /// How SQLite was built; without what says nothing of its behaviour here.
  private static var options: String {
    var options: [String] = []
    var index: CInt = 0
    while let option = xsql_compile_option(index), index < 1000 {
      options.append(String(cString: option))
      index += 1
    }
    return options.isEmpty ? "not told" : options.joined(separator: " ")
  }

  private static var processor: String {
    let features = xmdb_cpu_detect()
    let level = (1...4).last { xmdb_cpu_missing(CInt($0), features, nil, 0) == 0 } ?? 1
    return "x86-64-v\(level), and this build needs x86-64-v\(xmdb_cpu_level())"
  }

  private static var system: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "not told" }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))"
  }

  private static func database(_ context: XMDBContext) -> [(String, String)] {
    let path = ("database", context.isPinned ? "pinned" : context.databasePath)
    do {
      let registry = try context.lookAgain().registry
      let (catalogues, runs) = (try registry.catalogueNames().count, try registry.allRuns())
      let finished = runs.count { $0.finished != nil }
      return [path, ("catalogues", "\(catalogues)"), ("runs", "\(runs.count), \(finished) of them finished")]
    } catch {
      return [path, ("problem", context.withoutPath("\(error)"))]
    }
  }
}
