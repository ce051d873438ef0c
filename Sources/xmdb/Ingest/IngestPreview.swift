import CatalogStore
import Ingest

/// What an ingest would take for what, and why.
struct IngestPreview {
  let plan: IngestPlan

  var lines: [String] {
    let roles = plan.roles
    var lines = ["\(plan.name): \(Format.count(plan.source.rowCount, "row")) in \(files); nothing has been done."]
    if let profile = roles.profile {
      lines.append("The columns are those of \(profile)\(roles.ownProfile.map { ", \($0.file)" } ?? "").")
    }
    if let psf = roles.psf { lines.append("Its PSF in a match: \(psf).") }
    lines += ["", "Roles"] + reasonTable.lines.map { "  " + $0 }
    if !otherColumns.isEmpty { lines += ["", "Kept without a role: " + otherColumns.joined(separator: ", ")] }
    lines += plan.notes.map { "Note: \($0)" } + plan.warnings.map { "Warning: \($0)" }
    lines += roles.refusals.map { "To be settled: \($0)" }
    return lines
  }

  private var files: String {
    let count = plan.source.files.count
    return count == 1 ? plan.shown(plan.source.files[0].path) : "\(count) files"
  }

  private var reasonTable: TextTable {
    var table = TextTable([("role", .left), ("taken from", .left), ("because", .left)])
    for binding in plan.roles.bindings { table.add(["\(binding.role)", binding.sourceText, binding.reason]) }
    return table
  }

  private var otherColumns: [String] {
    plan.source.columns.indices.filter { plan.roles.role(ofColumn: $0) == nil }.map { plan.source.columns[$0].name }
  }

  var json: JSONValue {
    .object([
      ("name", .text(plan.name)), ("rows", .integer(plan.source.rowCount)),
      (
        "files",
        .list(
          plan.source.files.map { .object([("path", .text(plan.shown($0.path))), ("rows", .integer($0.rowCount))]) })
      ),
      ("profile", .text(plan.roles.profile)), ("psf", .text(plan.roles.psf)),
      ("epoch_yr", .real(plan.roles.epochYears)),
      ("frame", .text("\(plan.roles.frame)")),
      ("roles", .list(plan.roles.bindings.map(Self.json))), ("other_columns", .texts(otherColumns)),
      ("notes", .texts(plan.notes)), ("warnings", .texts(plan.warnings)),
      ("refusals", .texts(plan.roles.refusals)),
    ])
  }

  /// One role as JSON.
  static func json(_ binding: RoleBinding) -> JSONValue {
    var (column, constant): (String?, Double?) = (nil, nil)
    switch binding.source {
    case .column(_, let name): column = name
    case .constant(let value): constant = value
    }
    return .object([
      ("role", .text("\(binding.role)")), ("column", .text(column)), ("constant", .real(constant)),
      ("unit", .text("\(binding.unit)")), ("decided_by", .text(binding.origin.rawValue)),
      ("because", .text(binding.reason)),
    ])
  }
}
