/**
 * Lets tasks begin a few at a time. One that comes while none is under way begins at once; those that come while others are
 * wait until so many milliseconds have passed since the last began, and then begin together: the look-ups, messages to
 * threads and commits that they need are shared from the start.
 */
export class Turns {
  private underWay = 0;
  private waiting: (() => void)[] = [];
  private beganAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly milliseconds: number) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    const passed = performance.now() - this.beganAt;
    if (this.waiting.length > 0 || (this.underWay > 0 && passed < this.milliseconds)) await this.turn(passed);
    else this.beganAt = performance.now();
    this.underWay += 1;
    try {
      return await task();
    } finally {
      this.underWay -= 1;
    }
  }

  private turn(passed: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) setTimeout(() => this.begin(), this.milliseconds - passed);
    });
  }

  private begin(): void {
    this.beganAt = performance.now();
    const { waiting } = this;
    this.waiting = [];
    for (const goOn of waiting) goOn();
  }
}
