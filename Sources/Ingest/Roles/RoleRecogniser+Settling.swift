internal import CatalogStore
internal import Formats

extension RoleRecogniser {
  /// Brings what was found into agreement, and says what a user should know.
  mutating func settle() {
    notePositionsOfOtherFrames()
    noteFrame()
    settlePositionError()
    settleMotion()
    dropPhotometryWithoutMagnitude()
    dropBestBandWithoutBands()
    warnOfSinglePrecision()
    warnOfUnknownEpoch()
  }

  private mutating func drop(_ role: ColumnRole, _ reason: String) {
    guard let binding = bindings.removeValue(forKey: role) else { return }
    if let index = binding.columnIndex { taken.remove(index) }
    notes.append("\(binding.sourceText) is not used for \(role): \(reason)")
  }

  /// Keeps one way of telling the position error: one that was mapped, else the most complete.
  private mutating func settlePositionError() {
    let complete = Self.errorGroups.filter { group in group.needed.allSatisfy { bindings[$0] != nil } }
    let best = complete.max { rowid($0.needed) < rowid($1.needed) }
    for (needed, added) in Self.errorGroups where needed != best?.needed {
      for role in needed.union(added).sorted(by: { $0.description < $1.description }) {
        drop(role, best == nil ? "its companions are missing" : "the error is told more fully by other columns")
      }
    }
    if best == nil {
      let inverse = inverseVariances(of: ["ra", "dec", "de", "pos"])
      obstacles[.sigma, default: []] += inverse.map { FrameRules.remedy(ofInverseVariance: $0) }
      warnings.append(
        "no position error was recognised; every catalogue needs one: --map sigma=COLUMN:arcsec, or for all rows "
          + "--map sigma=0.1:arcsec")
    }
  }

  private func rowid(_ needed: Set<ColumnRole>) -> Int {
    let mapped = needed.contains { bindings[$0]?.origin == .mapping } ? 100 : 0
    let withCorrelation = needed.contains(.sigmaRA) && bindings[.corrRADec] != nil ? 2 : 0
    return mapped + needed.count + withCorrelation
  }

  private mutating func settleMotion() {
    if (bindings[.pmRA] == nil) != (bindings[.pmDec] == nil) {
      let lone: ColumnRole = bindings[.pmRA] == nil ? .pmDec : .pmRA
      let other: ColumnRole = lone == .pmRA ? .pmDec : .pmRA
      warnings.append(
        "only one component of the proper motion was recognised, so motions are unknown; "
          + "--map \(other)=COLUMN:mas/yr names the other")
      drop(lone, "the other component is missing")
    }
    let hasMotion = bindings[.pmRA] != nil
    if !hasMotion { for role in [ColumnRole.sigmaPM, .sigmaPMRA, .sigmaPMDec] { drop(role, "there are no motions") } }
    settleMotionError()
    if hasMotion, bindings[.sigmaPM] == nil, bindings[.sigmaPMRA] == nil {
      let inverse = inverseVariances(of: ["pmra", "pmdec", "pmde", "pm"]).map {
        "; \(FrameRules.remedy(ofInverseVariance: $0))"
      }
      warnings.append(
        "proper motions have no errors; they are taken as unknown: --map sigma_pm_ra=COLUMN:mas/yr and "
          + "--map sigma_pm_dec=COLUMN:mas/yr name them\(inverse.joined())")
    }
  }

  /// Inverse variances of the quantities of these plain names.
  private func inverseVariances(of quantities: [String]) -> [TableColumn] {
    columns.filter { column in
      guard FrameRules.isInverseVariance(column) else { return false }
      let name = RoleRules.plain(column.name)
      return quantities.contains { quantity in
        ["\(quantity)ivar", "\(quantity)invvar", "ivar\(quantity)", quantity, "\(quantity)err", "\(quantity)error"]
          .contains(name)
      }
    }
  }

  /// Without a position, tells which columns would be one in another frame.
  private mutating func notePositionsOfOtherFrames() {
    guard bindings[.ra] == nil || bindings[.dec] == nil else { return }
    for column in columns where column.type.isNumeric {
      guard let frame = FrameRules.otherFrame(column) else { continue }
      let remedy = FrameRules.remedy(column, frame)
      for role in [ColumnRole.ra, .dec] where bindings[role] == nil {
        if !(obstacles[role] ?? []).contains(remedy) { obstacles[role, default: []].append(remedy) }
      }
    }
  }

  /// Says what becomes of positions that are not in ICRS, and which columns are along other axes.
  private mutating func noteFrame() {
    guard frame != .icrs else { return }
    notes.append(
      "positions are \(frame.name)\(isFrameStated ? "" : ", as the file says"); they are turned into ICRS by ERFA, with the errors "
        + "and motions along their axes; the columns keep what the file holds")
    guard !frame.isEquatorial else { return }
    let rules = RoleRules.names.filter { RoleRules.axes.contains($0.role) && bindings[$0.role] == nil }
    for (role, names) in rules where role != .ra && role != .dec {
      let column = columns.indices.first { index in
        !taken.contains(index) && names.contains { $0.text == RoleRules.plain(columns[index].name) }
      }
      guard let column else { continue }
      notes.append(
        "not taken for \(role): nothing says that '\(columns[column].name)' is along \(frame.name) axes; if it is, say "
          + "--map \(role)=\(columns[column].name)")
    }
  }

  private mutating func settleMotionError() {
    let isPair = bindings[.sigmaPMRA] != nil && bindings[.sigmaPMDec] != nil
    if !isPair {
      drop(.sigmaPMRA, "the error of the other component is missing")
      drop(.sigmaPMDec, "the error of the other component is missing")
    } else if bindings[.sigmaPM]?.origin == .mapping {
      drop(.sigmaPMRA, "sigma_pm was mapped")
      drop(.sigmaPMDec, "sigma_pm was mapped")
    } else {
      drop(.sigmaPM, "the errors of both components are known")
    }
  }

  private mutating func dropPhotometryWithoutMagnitude() {
    let lone = bindings.keys.filter { role in
      switch role {
      case .magError(let band), .snr(let band): bindings[.mag(band: band)] == nil
      default: false
      }
    }
    for role in lone.sorted(by: { $0.description < $1.description }) {
      warnings.append("\(role) has no magnitude; --map mag:\(role.band ?? "")=COLUMN names it")
      drop(role, "the band has no magnitude")
    }
  }

  private mutating func dropBestBandWithoutBands() {
    if bandOrder.isEmpty { drop(.bestBand, "there are no bands") }
  }

  private mutating func warnOfSinglePrecision() {
    for role in [ColumnRole.ra, .dec] {
      guard let index = bindings[role]?.columnIndex, columns[index].type == .float32 else { continue }
      warnings.append("'\(columns[index].name)' is stored in single precision: \(role) is rounded by up to 0.05 arcsec")
    }
  }

  private mutating func warnOfUnknownEpoch() {
    guard bindings[.epoch] == nil else { return }
    warnings.append(
      "the epoch of the positions is unknown (J2000 in a name is the equinox, not the epoch); "
        + "--epoch 2016.0 or --map epoch=COLUMN gives it")
  }
}
