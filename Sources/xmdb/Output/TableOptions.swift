public import ArgumentParser
import CatalogStore
public import Delivery
import Formats

/// Options of commands that write a match as one table.
struct TableOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write one table into this file; its name says the format.", valueName: "file"))
  var out: String?
  @Option(
    help: ArgumentHelp(
      "Format: csv, parquet, votable, fits or arrow of a table (default: from the file's name); rsp (the default) or hats of a folder.",
      valueName: "format")
  )
  var format: ExportFormat?
  @Option(
    help: ArgumentHelp(
      "Columns of the table in order, separated by commas: those of xmatch, a.NAME and b.NAME of either catalogue, *, a.*, b.*.",
      valueName: "columns"))
  var columns: String?
  @Option(help: ArgumentHelp("What stands for no value in CSV (default: nothing).", valueName: "text")) var null:
    String?
  @Option(
    help: ArgumentHelp(
      "Pairs of the table: best, all candidates, or each source of the first catalogue (default: best).",
      valueName: "find"))
  var find: TableChoice.Find?
  @Option(
    help: ArgumentHelp(
      "Sources of the table: 1and2, 1or2, all1, all2, 1not2 or 2not1 (default: 1and2).", valueName: "join"))
  var join: TableChoice.Join?

  /// The options that were given and are of no use without a table.
  var given: [String] {
    let given: [(String, Bool)] = [
      ("--columns", columns != nil), ("--null", null != nil), ("--find", find != nil), ("--join", join != nil),
    ]
    return given.filter(\.1).map(\.0)
  }

  /// Which rows the table has.
  var choice: TableChoice { get throws { try TableChoice(find: find ?? .best, join: join) } }

  /// The columns that were asked for; nil: the usual ones.
  var columnNames: [String]? { columns.map(Self.names) }

  /// The names of a list with commas between them.
  static func names(_ list: String) -> [String] {
    list.split(separator: ",", omittingEmptySubsequences: false).map { name in
      String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// The format of the file.
  /// - Throws: `StoreError.usage` where neither the option nor the name says it.
  func tableFormat(of path: String) throws -> OutputFormat {
    if path.isEmpty { throw StoreError(.usage, "--out", "is empty; give a file, for example --out matches.parquet") }
    if let format = format?.table ?? OutputFormat.of(path) { return format }
    throw StoreError(
      .usage, path,
      "has a name that says no format; name it as one, or give --format: \(OutputFormat.listed)")
  }

  /// What CSV alone can be told.
  /// - Throws: `StoreError.usage` where another format is told so.
  func formatOptions(_ format: OutputFormat, header: Bool?) throws -> OutputFormat.Options {
    guard format != .csv else { return OutputFormat.Options(null: null ?? "", header: header ?? true) }
    for (name, isGiven) in [("--null", null != nil), ("--header", header != nil)] where isGiven {
      throw StoreError(
        .usage, name, "is for CSV; a \(format.rawValue) file has its own ways to say that a value is missing, and names"
      )
    }
    return OutputFormat.Options()
  }
}

/// The forms of an export.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
  /// Headerless CSV with a description and a manifest, for a data access centre.
  case rsp
  /// A folder of Parquet files by pixels of the sky, for LSDB.
  case hats
  case csv, parquet, votable, fits, arrow

  /// The format of one table; nil for a package.
  var table: OutputFormat? { OutputFormat(rawValue: rawValue) }
}

extension TableChoice.Find: ExpressibleByArgument {}
extension TableChoice.Join: ExpressibleByArgument {}
