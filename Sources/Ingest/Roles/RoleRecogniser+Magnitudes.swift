internal import CatalogStore
internal import Formats

extension RoleRecogniser {
  private struct Candidate {
    let index: Int
    let band: String
    let preference: Int
    let origin: RoleBinding.Origin
    let reason: String
  }

  /// Finds magnitudes that no profile gave. Where a profile gave some, others are only noted: they are seldom of the
  /// same kind (magnitudes of other catalogues, absolute ones).
  mutating func recogniseMagnitudes() {
    let fromProfile = bindings.values.contains { binding in
      if case .mag = binding.role { binding.origin == .profile } else { false }
    }
    let candidates = columns.indices.compactMap { candidate($0) }
    noteUnknownUnits()
    if fromProfile {
      noteUnused(candidates)
    } else {
      takeBest(candidates)
    }
    for band in bandOrder { completeBand(band) }
  }

  private func candidate(_ index: Int) -> Candidate? {
    let column = columns[index]
    guard !taken.contains(index), column.type.isNumeric, isMagnitudeUnit(column) else { return nil }
    let reading = MagnitudeNames.read(column.name)
    let told = column.ucd.flatMap(UCDRules.magnitude)
    if let reading, column.ucd == nil || told != nil || !isErrorUCD(column) {
      let reason = "the name '\(column.name)' is usual for a magnitude"
      return Candidate(
        index: index, band: reading.band, preference: reading.preference, origin: .name, reason: reason)
    }
    guard let told else { return nil }
    let band = told.band.map(MagnitudeNames.shown) ?? column.name
    return Candidate(index: index, band: band, preference: .max, origin: .ucd, reason: "its UCD is \(column.ucd ?? "")")
  }

  private func isErrorUCD(_ column: TableColumn) -> Bool {
    column.ucd.map { UCDRules.words($0).first?.hasPrefix("stat.") ?? false } ?? false
  }

  private func isMagnitudeUnit(_ column: TableColumn) -> Bool {
    guard let text = column.unit, let unit = RoleUnit(text) else { return column.unit == nil }
    return unit == .magnitude || unit == .number
  }

  private mutating func noteUnknownUnits() {
    for index in columns.indices where !taken.contains(index) && columns[index].type.isNumeric {
      let name = columns[index].name
      guard let unit = columns[index].unit, RoleUnit(unit) == nil, let reading = MagnitudeNames.read(name) else {
        continue
      }
      notes.append(
        "'\(name)' was not taken for a magnitude: the unit '\(unit)' is not known; --map mag:\(reading.band)=\(name):mag "
          + "takes it")
    }
  }

  private mutating func takeBest(_ candidates: [Candidate]) {
    let order = candidates.map(\.band).reduce(into: [String]()) { bands, band in
      if !bands.contains(band) { bands.append(band) }
    }
    for band in order where isOpen(.mag(band: band)) {
      let rivals = candidates.filter { $0.band == band }.sorted {
        ($0.preference, $0.index) < ($1.preference, $1.index)
      }
      guard let best = rivals.first, let choice = UnitChoice(.mag(band: band), columns[best.index]) else { continue }
      bind(.mag(band: band), best.index, choice, best.origin, best.reason)
      guard rivals.count > 1 else { continue }
      let others = rivals.dropFirst().map { columns[$0.index].name }.joined(separator: ", ")
      notes.append("mag:\(band) could also be \(others); '\(columns[best.index].name)' was taken")
    }
  }

  private mutating func noteUnused(_ candidates: [Candidate]) {
    guard let first = candidates.first else { return }
    let names = candidates.map { columns[$0.index].name }.joined(separator: ", ")
    notes.append(
      "these look like magnitudes too and are kept as plain columns: \(names); "
        + "--map mag:\(first.band)=\(columns[first.index].name) would use one")
  }

  /// Finds the error and the signal to noise of a band.
  private mutating func completeBand(_ band: String) {
    guard let magnitude = bindings[.mag(band: band)], case .column(_, let name) = magnitude.source else { return }
    let isFlux = magnitude.unit.quantity == .flux
    if isOpen(.magError(band: band)), !isFlux {
      fill(.magError(band: band), MagnitudeNames.errorNames(column: name, band: band), of: name)
    }
    if isOpen(.snr(band: band)) { fill(.snr(band: band), MagnitudeNames.snrNames(column: name, band: band), of: name) }
  }

  private mutating func fill(_ role: ColumnRole, _ names: [String], of magnitude: String) {
    for name in names {
      let found = columns.indices.first { index in
        !taken.contains(index) && columns[index].type.isNumeric && RoleRules.plain(columns[index].name) == name
      }
      guard let index = found, let choice = UnitChoice(role, columns[index]) else { continue }
      bind(role, index, choice, .name, "the name '\(columns[index].name)' goes with '\(magnitude)'")
      return
    }
  }
}
