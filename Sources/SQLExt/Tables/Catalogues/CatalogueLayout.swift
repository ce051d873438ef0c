import CatalogStore
import Indexing

/// Which columns of a catalogue's table say where its rows are.
struct CatalogueLayout {
  let rowid: Int
  let healpix: Int
  let id: Int?
  /// Position columns, where both are in degrees.
  let ra: Int?
  let dec: Int?

  init(_ files: CatalogueFiles) {
    rowid = files.rowidColumn
    healpix = files.healpixColumn
    id = files.column(role: "id")
    let position = (files.column(role: "ra", unit: "deg"), files.column(role: "dec", unit: "deg"))
    let isOfNumbers = [position.0, position.1].allSatisfy { column in
      column.map { [.real, .integer].contains(files.columns[$0].kind) } ?? false
    }
    (ra, dec) = isOfNumbers ? position : (nil, nil)
  }

  func isRowid(_ column: Int) -> Bool { column == rowid || column < 0 }

  /// Whether the constraint is wholly expressed by bounds on the rowid.
  func isRowidBound(_ constraint: FilterConstraint) -> Bool {
    switch constraint.operator {
    case .equal, .is, .less, .lessOrEqual, .greater, .greaterOrEqual: isRowid(constraint.column)
    default: false
    }
  }

  /// The rowids that the constraints leave over; nil for none.
  func rowids(_ filter: [FilterConstraint]) -> ClosedRange<Int64>? {
    guard let named = filter.integerRange(ofColumn: rowid), let row = filter.integerRange(ofColumn: -1) else {
      return nil
    }
    return named.overlaps(row) ? named.clamped(to: row) : nil
  }

  /// The part of the sky that constraints on index and position leave over; nil for all of it.
  func region(_ filter: [FilterConstraint]) -> PixelRangeSet? {
    var region: PixelRangeSet?
    if filter.constrains(column: healpix) {
      let all = 0...Healpix29.count - 1
      guard let range = filter.integerRange(ofColumn: healpix), range.overlaps(all) else { return PixelRangeSet() }
      let wanted = range.clamped(to: all)
      region = PixelRangeSet([wanted.lowerBound..<wanted.upperBound + 1])
    }
    guard let ra, let dec else { return region }
    // Files may hold right ascensions such as −10 or 370.
    let box = SkyBox(
      ra: filter.numberRange(ofColumn: ra), dec: filter.numberRange(ofColumn: dec), raDegrees: -360...720)
    guard let cover = box.cover else { return region }
    return region.map { $0.intersection(cover) } ?? cover
  }
}

/// Bounds on right ascension and declination, as constraints give them.
struct SkyBox {
  let ra: NumberRange?
  let dec: NumberRange?
  /// Where right ascensions lie.
  let raDegrees: ClosedRange<Double>

  /// Order-29 pixels that hold every position within the bounds; nil where they exclude nothing.
  var cover: PixelRangeSet? {
    guard let ra = bounds(ra, raDegrees), let dec = bounds(dec, -90...90) else { return PixelRangeSet() }
    let isFree = ra.upperBound - ra.lowerBound >= 360
    if isFree && dec == -90...90 { return nil }
    return .box(raDegrees: isFree ? nil : ra, decDegrees: dec)
  }

  /// The share of the sky within the bounds.
  var share: Double {
    guard let ra = bounds(ra, raDegrees), let dec = bounds(dec, -90...90) else { return 0 }
    let width = min(1, (ra.upperBound - ra.lowerBound) / 360)
    return width * (dec.upperBound - dec.lowerBound) / 180
  }

  private func bounds(_ range: NumberRange?, _ all: ClosedRange<Double>) -> ClosedRange<Double>? {
    guard let range else { return all }
    let low = max(range.lower, all.lowerBound)
    let high = min(range.upper, all.upperBound)
    return !range.isEmpty && low <= high ? low...high : nil
  }
}
