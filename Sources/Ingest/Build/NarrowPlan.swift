internal import CatalogStore
internal import Formats

/// Which columns the narrow form of a catalogue gets, from the roles of the columns of its files.
struct NarrowPlan {
  private let roles: RoleAssignment
  private let inputs: [TableColumn]

  init(_ roles: RoleAssignment, _ inputs: [TableColumn]) {
    self.roles = roles
    self.inputs = inputs
  }

  /// The columns after right ascension, declination and variance; what a match does not read is last.
  var columns: [NarrowColumn] {
    var columns: [NarrowColumn] = []
    if roles.positionError != .circular { columns += [NarrowColumn(.varianceY), NarrowColumn(.covarianceXY)] }
    columns += motion
    if roles[.epoch]?.columnIndex != nil { columns.append(NarrowColumn(.epoch)) }
    columns += roles.bands.map { NarrowColumn(.magnitude(band: $0.name), storage(of: $0.magnitude)) }
    // Positions of bands are exact in single precision.
    if roles[.bestBand] != nil { columns.append(NarrowColumn(.bestBand, .float32)) }
    columns.append(NarrowColumn(.density, .float32))
    if let parallax = roles[.parallax] { columns.append(NarrowColumn(.parallax, storage(of: parallax))) }
    for band in roles.bands {
      if let error = band.error {
        columns.append(NarrowColumn(.magnitudeError(band: band.name), storage(of: error)))
      }
      if let snr = band.snr { columns.append(NarrowColumn(.snr(band: band.name), storage(of: snr))) }
    }
    return columns
  }

  private var motion: [NarrowColumn] {
    guard let ra = roles[.pmRA], let dec = roles[.pmDec] else { return [] }
    let (sigmaRA, sigmaDec) = (roles[.sigmaPMRA] ?? roles[.sigmaPM], roles[.sigmaPMDec] ?? roles[.sigmaPM])
    var columns = [
      NarrowColumn(.pmRA, storage(of: ra)), NarrowColumn(.pmDec, storage(of: dec)),
      NarrowColumn(.sigmaPMRA, sigmaRA.map(storage) ?? .float32),
      NarrowColumn(.sigmaPMDec, sigmaDec.map(storage) ?? .float32),
    ]
    let isTurned = roles.frame != .icrs
    if isTurned {
      // Turned numbers are not those of the file.
      columns = columns.map { NarrowColumn($0.quantity, .float64) }
      if roles[.sigmaPM] == nil { columns.append(NarrowColumn(.correlationPM, .float64)) }
    } else if let correlation = roles[.corrPM] {
      columns.append(NarrowColumn(.correlationPM, storage(of: correlation)))
    }
    return columns
  }

  /// Numbers that the file has in single precision, and in the unit of the narrow form, are kept so: none is rounded.
  private func storage(of binding: RoleBinding) -> NarrowColumn.Storage {
    guard let index = binding.columnIndex, inputs[index].type == .float32, binding.unit.quantity != .flux else {
      return .float64
    }
    let (scale, offset) = binding.unit.conversion(for: binding.role)
    return scale == 1 && offset == 0 ? .float32 : .float64
  }
}
