/// Where a result set is.
public enum ResultPlace: Sendable {
  /// A run of the database, by its number.
  case run(Int64)
  /// A package of `xmdb export`.
  case package(String)
  /// Tables in which a row has the identifiers of a pair, or of a source alone.
  case table([String], ResultColumns)
  /// Files of matches and of non-matches of either catalogue, as macauff writes them.
  case files(matches: [String], aloneA: [String], aloneB: [String], ResultColumns)
  /// What a run of macauff has written, by its three files of parameters.
  case macauff(MacauffPaths)

  /// How messages call it.
  public var name: String {
    switch self {
    case .run(let number): "run \(number)"
    case .package(let folder): folder
    case .table(let paths, _): paths.count == 1 ? paths[0] : "\(paths.first ?? "") and \(paths.count - 1) more"
    case .macauff(let paths): paths.joint
    case .files(let matches, _, _, _):
      matches.count == 1 ? matches[0] : "\(matches.first ?? "") and \(matches.count - 1) more"
    }
  }
}

/// Which columns of foreign files hold what: names, or numbers from 1 where files have no line of names.
public struct ResultColumns: Sendable {
  /// The identifier of the first catalogue.
  public var a: String?
  /// The identifier of the second catalogue.
  public var b: String?
  /// The probability.
  public var probability: String?

  /// Without any, the names that xmdb and macauff give.
  public init(a: String? = nil, b: String? = nil, probability: String? = nil) {
    (self.a, self.b, self.probability) = (a, b, probability)
  }

  /// Whether the files have no line of names.
  var isByNumber: Bool { [a, b, probability].compactMap(\.self).contains { Int($0) != nil } }
}
