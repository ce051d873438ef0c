import Indexing
import Testing

@Suite struct StopCheckTests {
  private struct Stopped: Error {}

  private final class Questions {
    var asked = 0
  }

  @Test func aLoopAsksOnceInSoManySteps() throws {
    let questions = Questions()
    var stop = StopCheck { questions.asked += 1 }
    for _ in 0..<(10 * StopCheck.stepsBetweenChecks) { try stop.after(steps: 1) }
    #expect(questions.asked == 10)
  }

  @Test func shortLoopsThatShareACheckAskTogether() throws {
    let questions = Questions()
    var stop = StopCheck { questions.asked += 1 }
    for _ in 0..<1000 { try work(steps: StopCheck.stepsBetweenChecks / 100, &stop) }
    #expect(questions.asked >= 9)
  }

  private func work(steps: Int, _ stop: inout StopCheck) throws {
    for _ in 0..<steps { try stop.after(steps: 1) }
  }

  @Test func whatTheCheckThrowsComesOut() throws {
    var stop = StopCheck { throw Stopped() }
    try stop.after(steps: 1)
    #expect(throws: Stopped.self) { try stop.now() }
    #expect(throws: Stopped.self) { try stop.after(steps: StopCheck.stepsBetweenChecks) }
  }
}
