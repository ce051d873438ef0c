internal import CatalogStore
internal import Formats

extension RoleRecogniser {
  /// Fills the roles that are still open: UCDs that name the main column, then names, then other UCDs.
  mutating func applyRules() {
    closeErrorsOnceComplete()
    applyUCDs(mainOnly: true)
    applyNames()
    applyUCDs(mainOnly: false)
    if bindings[.ra] == nil || bindings[.dec] == nil {
      takesText = true
      applyUCDs(mainOnly: true)
      applyNames([.ra, .dec])
      applyUCDs(mainOnly: false)
    }
    recogniseID()
    recogniseMagnitudes()
  }

  /// A profile or mapping that tells the whole position error is not mixed with another way of telling it.
  private mutating func closeErrorsOnceComplete() {
    let isComplete = Self.errorGroups.contains { group in group.needed.allSatisfy { bindings[$0] != nil } }
    if isComplete { closed.formUnion(Self.errorRoles.filter { bindings[$0] == nil }) }
  }

  private mutating func applyUCDs(mainOnly: Bool) {
    for index in columns.indices where !taken.contains(index) {
      guard let ucd = columns[index].ucd, let found = UCDRules.role(of: ucd, in: frame), found.isMain || !mainOnly
      else {
        continue
      }
      guard isOpen(found.role), found.role != .id else { continue }
      propose(found.role, index, .ucd, "its UCD is \(ucd)")
    }
  }

  private mutating func applyNames(_ roles: Set<ColumnRole>? = nil) {
    for (role, names) in RoleRules.names(in: frame) where isOpen(role) && roles?.contains(role) ?? true {
      let candidates = candidates(names.map(\.text))
      for index in candidates where isOpen(role) {
        propose(role, index, .name, "the name '\(columns[index].name)' is usual for \(role)")
      }
      let others = candidates.filter { !taken.contains($0) }.map { columns[$0].name }
      if let chosen = bindings[role], !others.isEmpty {
        notes.append(
          "\(role) could also be \(others.joined(separator: " or ")); \(chosen.sourceText) was taken; "
            + "--map \(role)=COLUMN chooses")
      }
    }
  }

  /// Free columns with one of these plain names, by the order of the names.
  private func candidates(_ names: [String]) -> [Int] {
    let free = columns.indices.filter { !taken.contains($0) }
    return names.flatMap { name in
      free.filter { index in
        let full = columns[index].name
        return RoleRules.plain(full) == name || RoleRules.plain(RoleRules.splittingUnit(full).base) == name
      }
    }.reduce(into: []) { found, index in
      if !found.contains(index) { found.append(index) }
    }
  }

  /// Binds unless the column's type or unit forbids it, which is then noted.
  private mutating func propose(_ role: ColumnRole, _ index: Int, _ origin: RoleBinding.Origin, _ reason: String) {
    let column = columns[index]
    // Positions in numbers come first, and text only where there are none.
    let isText = column.type == .text && (role == .ra || role == .dec)
    if isText != takesText { return }
    if let obstacle = obstacle(role, column) {
      obstacles[role, default: []].append(obstacle)
      notes.append("not taken for \(role): \(obstacle)")
      return
    }
    guard RoleRules.canPlay(column.type, role) else {
      notes.append("'\(column.name)' is \(column.type), so it was not taken for \(role)")
      return
    }
    guard let choice = UnitChoice(role, column, hinted: nameUnit(role, column), frame: frame) else {
      notes.append("'\(column.name)' is in \(column.unit ?? ""), so it was not taken for \(role)")
      return
    }
    bind(role, index, choice, origin, reason)
  }

  /// Why a column cannot be what its name or UCD suggests.
  func obstacle(_ role: ColumnRole, _ column: TableColumn) -> String? {
    if role == .ra || role == .dec {
      var known = column
      // A user who states the frame knows better than the file's coordinate system.
      if isFrameStated && frame.isEquatorial { known.frame = nil }
      guard !FrameRules.canBe(frame, known) else { return nil }
      guard let said = FrameRules.otherFrame(column) else {
        return "nothing says that '\(column.name)' is a \(frame.name) coordinate; --map \(role)=\(column.name) says so"
      }
      return FrameRules.remedy(column, said)
    }
    let isError = Self.errorRoles.contains(role) || [.sigmaPM, .sigmaPMRA, .sigmaPMDec].contains(role)
    return isError && FrameRules.isInverseVariance(column) ? FrameRules.remedy(ofInverseVariance: column) : nil
  }

  private mutating func recogniseID() {
    guard isOpen(.id) else { return noteOtherIDs() }
    let main = columns.indices.first { index in
      let found = columns[index].ucd.flatMap { UCDRules.role(of: $0) }
      return found?.role == .id && !taken.contains(index) && RoleRules.canBeID(columns[index].type)
    }
    let named = idCandidates().first
    let origin: RoleBinding.Origin = main == nil ? .name : .ucd
    if let index = main ?? named, let choice = UnitChoice(.id, columns[index], profile: .number) {
      let name = columns[index].name
      let reason = main == nil ? "the name '\(name)' is usual for id" : "its UCD is \(columns[index].ucd ?? "")"
      bind(.id, index, choice, origin, reason)
      noteFloatingID()
    } else {
      notes.append("no id was recognised; sources are told apart by their rowid; --map id=COLUMN names one")
    }
    noteOtherIDs()
  }

  private func idCandidates() -> [Int] {
    let candidates = candidates(RoleRules.ids).filter { RoleRules.canBeID(columns[$0].type) }
    return candidates.filter { !columns[$0].type.isFloatingPoint }
      + candidates.filter { columns[$0].type.isFloatingPoint }
  }

  /// Says how an identifier that is stored as floating point is taken.
  mutating func noteFloatingID() {
    guard let index = bindings[.id]?.columnIndex, columns[index].type.isFloatingPoint else { return }
    notes.append(
      "'\(columns[index].name)' is \(columns[index].type); as id it is kept as integers, and refused unless all of them are exact"
    )
  }

  private mutating func noteOtherIDs() {
    let others = idCandidates().map { columns[$0].name }
    guard let id = bindings[.id], !others.isEmpty else { return }
    notes.append(
      "other names of a source are kept as plain columns: \(others.joined(separator: ", ")); "
        + "the id is \(id.sourceText)")
  }
}
