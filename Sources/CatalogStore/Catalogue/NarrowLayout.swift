/// Which columns the narrow form of a catalogue holds: the numbers of a source that a match may need, each found by what it is.
public struct NarrowLayout: Sendable, Equatable {
  /// The storage of identifiers.
  public enum IDKind: String, Sendable {
    /// The catalogue has no identifier; the rowid serves.
    case none
    /// 64-bit integers.
    case integer
    /// UTF-8 text.
    case text
  }

  /// How ids are held.
  public var id: IDKind
  /// The columns, in the order in which they are stored: right ascension, declination and the variance first.
  public let columns: [NarrowColumn]
  /// Whether the catalogue was stored by an older program, in a form that is not read any more.
  public let isOutdated: Bool

  /// Makes a layout. Quantities that a match does not read belong last: then it passes over them.
  /// - Parameter more: The columns after right ascension, declination and variance, which every layout has.
  public init(id: IDKind, _ more: [NarrowColumn]) {
    self.init(id: id, columns: Self.required + more, isOutdated: false)
  }

  private init(id: IDKind, columns: [NarrowColumn], isOutdated: Bool) {
    self.id = id
    self.columns = columns
    self.isOutdated = isOutdated
  }

  private static let required = [NarrowColumn(.ra), NarrowColumn(.dec), NarrowColumn(.varianceX)]

  /// The number of columns.
  public var width: Int { columns.count }

  /// The position of a quantity among the columns; nil when it is not there.
  /// - Complexity: O(columns).
  public func place(of quantity: NarrowColumn.Quantity) -> Int? { columns.firstIndex { $0.quantity == quantity } }

  /// Whether a quantity is there.
  public func has(_ quantity: NarrowColumn.Quantity) -> Bool { place(of: quantity) != nil }

  /// Position errors are circles: one variance instead of three terms.
  public var isCircular: Bool { !has(.varianceY) }
  /// Names of the magnitude bands, in order.
  public var bands: [String] {
    columns.compactMap { if case .magnitude(let band) = $0.quantity { band } else { nil } }
  }

  /// The columns that a match reads.
  public var forMatching: NarrowLayout {
    NarrowLayout(id: id, columns: columns.filter(\.quantity.isForMatching), isOutdated: isOutdated)
  }

  /// The columns that a match reads, and the errors of magnitudes.
  public var forBlends: NarrowLayout {
    NarrowLayout(
      id: id,
      columns: columns.filter { column in
        if case .magnitudeError = column.quantity { return true }
        return column.quantity.isForMatching
      }, isOutdated: isOutdated)
  }

  /// Names of the columns in a shard, in order; unique to SQL, which does not tell `g` from `G`.
  public var columnNames: [String] {
    var taken: Set<String> = []
    return columns.map { column in
      let base = column.quantity.band.map { "\(column.quantity.name)_\($0)" } ?? column.quantity.name
      var name = base
      var number = 2
      while !taken.insert(name.lowercased()).inserted {
        name = "\(base)_\(number)"
        number += 1
      }
      return name
    }
  }
}

extension NarrowLayout {
  /// The form kept in the registry: `id=integer ra_deg/f64 dec_deg/f64 variance_x_arcsec2/f64 mag.G/f32`.
  var text: String { (["id=" + id.rawValue] + columns.map(\.description)).joined(separator: " ") }

  init?(text: String) {
    let words = text.split(separator: " ")
    guard let first = words.first, first.hasPrefix("id="), let id = IDKind(rawValue: String(first.dropFirst(3))) else {
      return nil
    }
    let columns = words.dropFirst().compactMap { NarrowColumn(String($0)) }
    if columns.starts(with: Self.required), columns.count == words.count - 1,
      Set(columns.map(\.quantity)).count == columns.count
    {
      self.init(id: id, columns: columns, isOutdated: false)
    } else if words.dropFirst().allSatisfy({ Self.outdatedWords.contains($0) || $0.hasPrefix("bands=") }) {
      self.init(id: id, columns: Self.outdated(words), isOutdated: true)
    } else {
      return nil
    }
  }

  private static let outdatedWords: Set<Substring> = ["circular", "motion", "epoch", "best"]

  /// The columns that programs before shards of form 3 described as `id=integer circular motion epoch best bands=G,BP,RP`: what the registry
  /// says of such a catalogue can still be told.
  private static func outdated(_ words: [Substring]) -> [NarrowColumn] {
    var columns = required
    if !words.contains("circular") { columns += [NarrowColumn(.varianceY), NarrowColumn(.covarianceXY)] }
    if words.contains("motion") { columns += [.pmRA, .pmDec, .sigmaPMRA, .sigmaPMDec].map { NarrowColumn($0) } }
    if words.contains("epoch") { columns.append(NarrowColumn(.epoch)) }
    for bands in words where bands.hasPrefix("bands=") {
      columns += bands.dropFirst(6).split(separator: ",").map {
        NarrowColumn(.magnitude(band: NarrowColumn.unescaped($0)))
      }
    }
    if words.contains("best") { columns.append(NarrowColumn(.bestBand)) }
    return columns
  }
}
