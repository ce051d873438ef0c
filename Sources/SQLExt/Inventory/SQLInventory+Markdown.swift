extension SQLInventory {
  /// The text of `docs/sql.md`, wholly made from the inventory.
  package static func markdown() -> String {
    let chapters = SQLSection.allCases.compactMap { section -> String? in
      let entries =
        tables.filter { $0.section == section }.map(entry) + aggregates.filter { $0.section == section }.map(entry)
        + functions.filter { $0.section == section }.map(entry)
      return entries.isEmpty ? nil : "## \(section.rawValue)\n\n" + entries.joined(separator: "\n")
    }
    return ([introduction] + chapters).joined(separator: "\n")
  }

  private static var introduction: String {
    """
    # SQL reference

    <!-- Made from the definitions in Sources/SQLExt; edit those. A test compares this file with them. -->

    Everything `xmdb sql` and `libxmdb` add to SQLite \(oldestSQLite.name) or newer. Angles are in degrees, separations and
    errors in arcsec, densities per square degree. A NULL argument gives NULL, and in a table no rows. A wrong one is an
    error that names the function, the argument, what was given and what is allowed. Text that reads as a number counts
    as one. A result that is no finite number is NULL.

    Unsigned 64-bit integers are INTEGER. A column with one of 2⁶³ or more, which SQLite's integers do not reach, is
    `TEXT COLLATE xm_unsigned`: its digits, which compare, sort and join in the order of the numbers, also with integers.
    Write such a number in quotes, `objectId = '18446744073709551610'`: as a literal it is a real number. Arithmetic gives
    real numbers. In the tables of a match such ids are text; for comparisons of size, join the catalogue.

    *Pure* operators depend on their arguments alone and may be used anywhere, also in views, triggers and indexes. All
    others reach files and run only in a statement of your own (`DIRECTONLY`).

    The examples run on the database of the [example](../examples/hyades/README.md):

    ```console
    $ examples/hyades/run.sh && cd examples/hyades
    ```

    """
  }

  private static func entry(_ function: AggregateFunction) -> String {
    let names = function.parameters.map(\.name).joined(separator: ", ")
    return heading("\(function.name)(\(names))", .pure) + "*Aggregate.* " + function.summary + "\n\n"
      + parameterTable(function.parameters) + exampleBlock(function.example, function.answer)
  }

  private static func entry(_ function: ScalarFunction) -> String {
    let names = function.parameters.map(\.name).joined(separator: ", ")
    return heading("\(function.name)(\(names))", function.reach) + function.summary + "\n\n"
      + parameterTable(function.parameters) + exampleBlock(function.example, function.answer)
  }

  private static func entry(_ table: TableFunction) -> String {
    let columns = table.columns.map { "| `\($0.name)` | \($0.kind.rawValue) | \($0.summary) |\n" }.joined()
    return heading(table.callForm, table.reach) + table.summary + "\n\n" + parameterTable(table.parameters)
      + "| column | type | |\n| --- | --- | --- |\n" + columns + "\n" + exampleBlock(table.example, table.answer)
  }

  private static func heading(_ call: String, _ reach: OperatorReach) -> String {
    "### `\(call)`\n\n" + (reach == .pure ? "*Pure.* " : "")
  }

  private static func parameterTable(_ parameters: [Parameter]) -> String {
    if parameters.isEmpty { return "" }
    let rows = parameters.map { parameter in
      "| `\(parameter.name)` | \(parameter.expectation)\(parameter.isOptional ? " (optional)" : "") |\n"
    }
    return "| argument | |\n| --- | --- |\n" + rows.joined() + "\n"
  }

  private static func exampleBlock(_ example: String, _ answer: String?) -> String {
    let lines = (answer ?? "").split(separator: "\n", omittingEmptySubsequences: false).map { "-- \($0)\n" }
    return "```sql\n\(example);\n" + (answer == nil ? "" : lines.joined()) + "```\n"
  }
}
