internal import CatalogStore
internal import Formats

/// Reads the tables that macauff has written for the chunks of a survey, as its three files of parameters describe them.
///
/// macauff writes the rows of halos, too, which other chunks have as their own: a match is taken from the chunk whose own source its
/// first one is, a source alone from the chunk whose own it is.
struct MacauffResults {
  private let parameters: MacauffMatch
  private let cancellation: Cancellation

  init(_ paths: MacauffPaths, _ cancellation: Cancellation) throws {
    parameters = try MacauffMatch(joint: paths.joint, a: paths.a, b: paths.b)
    self.cancellation = cancellation
  }

  func read(into sink: ResultSink) throws {
    let columns = ResultColumns(
      a: "\(parameters.columnA)", b: "\(parameters.columnB)", probability: "\(parameters.columnP)")
    let tables = TableResults(columns: columns, cancellation: cancellation)
    for chunk in parameters.chunks {
      let haloA = try halo(parameters.a, chunk)
      let haloB = try halo(parameters.b, chunk)
      try tables.readMatches([parameters.matches(chunk)], leavingOut: haloA, into: sink)
      try tables.readAlone(
        [parameters.alone(parameters.a, chunk)], isA: true, column: parameters.alonePlaceA, leavingOut: haloA,
        into: sink)
      try tables.readAlone(
        [parameters.alone(parameters.b, chunk)], isA: false, column: parameters.alonePlaceB, leavingOut: haloB,
        into: sink)
    }
  }

  /// The identifiers in the halo of a chunk, from the table that macauff was given.
  private func halo(_ catalogue: MacauffCatalogue, _ chunk: String) throws -> Set<ResultIdentifier> {
    guard let overlap = catalogue.overlap, let identifier = catalogue.identifier,
      let place = catalogue.chunks.firstIndex(of: chunk)
    else { return [] }
    let table = try ResultTableFile(catalogue.files[place], isByNumber: true)
    var halo: Set<ResultIdentifier> = []
    let places = try [identifier, overlap].map { try table.require("\($0 + 1)", [], "a source", "cat_col_nums") }
    try table.forEachBatch(places) { rows, buffers in
      try cancellation.check("import-results")
      for row in 0..<rows {
        let fields = ResultTableRow(buffers: buffers, row: row)
        if let flag = fields.number(1), flag != 0, let id = fields.identifier(0) { halo.insert(id) }
      }
    }
    return halo
  }
}

/// The three files of parameters of a run of macauff.
public struct MacauffPaths: Sendable {
  let joint, a, b: String
}

extension ResultPlace {
  /// A run of macauff, where three paths are those of its files of parameters; nil otherwise.
  public init?(macauff paths: [String]) {
    guard paths.count == 3, MacauffMatch.isJoint(paths[0]), paths.dropFirst().allSatisfy(MacauffCatalogue.isOne) else {
      return nil
    }
    self = .macauff(MacauffPaths(joint: paths[0], a: paths[1], b: paths[2]))
  }
}
