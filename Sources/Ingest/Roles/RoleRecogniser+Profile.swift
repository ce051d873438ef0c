internal import CatalogStore

extension RoleRecogniser {
  /// Fills the open roles from a profile.
  mutating func apply(_ profile: SurveyProfile) {
    for entry in profile.entries where isOpen(entry.role) { apply(entry, profile) }
    for (names, reason) in profile.leftOut {
      let there = indices(of: names).filter { !taken.contains($0) }
      guard !there.isEmpty else { continue }
      taken.formUnion(there)
      notes.append("not used: \(there.map { columns[$0].name }.joined(separator: ", ")): \(reason)")
    }
    notes += profile.notes.map { "\(profile.name): \($0)" }
  }

  /// The profile's epoch, where no column of the file gives one.
  mutating func applyEpoch(_ profile: SurveyProfile) {
    guard isOpen(.epoch) else { return }
    if let epoch = profile.epoch {
      bind(.epoch, constant: epoch, profile.epochUnit, .profile, profile.epochReason)
    }
    epochQuestion = profile.epochQuestion
  }

  private mutating func apply(_ entry: SurveyProfile.Entry, _ profile: SurveyProfile) {
    guard fitsItsMagnitude(entry) else { return }
    if let constant = entry.constant {
      let reason = "the same for every row in \(profile.name)"
      return bind(entry.role, constant: constant, entry.unit, .profile, reason)
    }
    for index in inOrderOfUse(indices(of: entry.columns), entry.role) where !taken.contains(index) {
      let column = columns[index]
      // Text is taken for a position where no number is.
      if column.type == .text, entry.role == .ra || entry.role == .dec { continue }
      if let obstacle = obstacle(entry.role, column) {
        obstacles[entry.role, default: []].append(obstacle)
        continue
      }
      let fits = entry.role == .id ? RoleRules.canBeID(column.type) : RoleRules.canPlay(column.type, entry.role)
      guard fits, let choice = UnitChoice(entry.role, column, profile: entry.unit) else {
        notes.append("'\(column.name)' is \(column.type), so it cannot be \(entry.role) as in \(profile.name)")
        continue
      }
      bind(entry.role, index, choice, .profile, "'\(column.name)' is \(entry.role) in \(profile.name)")
      if entry.role == .id { noteFloatingID() }
      return
    }
  }

  /// Of several identifiers those that are stored exactly come first.
  private func inOrderOfUse(_ indices: [Int], _ role: ColumnRole) -> [Int] {
    guard role == .id else { return indices }
    return indices.filter { !columns[$0].type.isFloatingPoint } + indices.filter { columns[$0].type.isFloatingPoint }
  }

  /// The error of a magnitude must be one of a magnitude, that of a flux one of a flux, and neither comes alone.
  private func fitsItsMagnitude(_ entry: SurveyProfile.Entry) -> Bool {
    switch entry.role {
    case .magError(let band): bindings[.mag(band: band)]?.unit.quantity == entry.unit.quantity
    case .snr(let band): bindings[.mag(band: band)] != nil
    default: true
    }
  }

  /// The columns of these names, in the order of the names, exact spelling before another case.
  func indices(of names: [String]) -> [Int] {
    names.compactMap { name in
      columns.firstIndex { $0.name == name } ?? columns.firstIndex { $0.name.lowercased() == name.lowercased() }
    }
  }
}
