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
    if let epoch = profile.epoch, isOpen(.epoch) {
      bind(.epoch, constant: epoch, profile.epochUnit, .profile, profile.epochReason)
    }
  }

  private mutating func apply(_ entry: SurveyProfile.Entry, _ profile: SurveyProfile) {
    guard fitsItsMagnitude(entry) else { return }
    for index in indices(of: entry.columns) where !taken.contains(index) {
      let column = columns[index]
      let fits = entry.role == .id ? RoleRules.canBeID(column.type) : RoleRules.canPlay(column.type, entry.role)
      guard fits, let choice = UnitChoice(entry.role, column, profile: entry.unit) else {
        notes.append("'\(column.name)' is \(column.type), so it cannot be \(entry.role) as in \(profile.name)")
        continue
      }
      bind(entry.role, index, choice, .profile, "'\(column.name)' is \(entry.role) in \(profile.name)")
      return
    }
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
