/*
 * The share and whether the threshold is reached, while numerator and denominator are typed.
 * Numbers are read as assessments/forms/numbers.py reads them (a test compares the two); what the
 * server answers to the next save decides.
 */
(() => {
  "use strict";

  const GROUPED = /^([1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?$/;
  const LARGEST = 99999999999999n;

  /** Hundredths as a BigInt, or null for blanks and for what the server would refuse. */
  function hundredths(text) {
    const typed = text.trim().replace(/\s+/g, " ");
    let whole;
    let fraction = "";
    let parts;
    if (typed.length > 40) return null;
    if (/^[0-9]+$/.test(typed)) {
      whole = typed;
    } else if ((parts = /^([0-9]+)[.,]([0-9]+)$/.exec(typed))) {
      [, whole, fraction] = parts;
      // 1.234 may be a thousand or a one: the server asks.
      if (fraction.length === 3 && whole.length <= 3 && whole[0] !== "0") return null;
    } else if ((parts = GROUPED.exec(typed))) {
      whole = parts[1].replace(/[., ]/g, "");
      fraction = parts[3] || "";
    } else {
      return null;
    }
    fraction = fraction.replace(/0+$/, "");
    if (fraction.length > 2) return null;
    const value = BigInt(whole + fraction.padEnd(2, "0"));
    return value > LARGEST ? null : value;
  }

  /** Tenths of a percent, halves to the even neighbour as on the server. */
  function tenths(above, below) {
    const times = above * 1000n;
    const floor = times / below;
    const rest = (times % below) * 2n;
    return rest > below || (rest === below && floor % 2n === 1n) ? floor + 1n : floor;
  }

  function percentText(above, below) {
    const value = tenths(above, below);
    const whole = (value / 10n).toString().replace(/\B(?=(\d{3})+$)/g, ".");
    return value % 10n ? `${whole},${value % 10n}%` : `${whole}%`;
  }

  /** What stands beside the inputs: {text, state}, or null while nothing can be said. */
  function share(numerator, denominator, limits) {
    const above = hundredths(numerator);
    const below = hundredths(denominator);
    if (above === null || below === null || below === 0n) return null;
    if (above > below && !limits.mayExceed) return null;
    const least = hundredths(limits.atLeast);
    const most = hundredths(limits.atMost);
    const low = least !== null && above * 10000n < least * below;
    const high = most !== null && above * 10000n > most * below;
    const text = percentText(above, below);
    if (least === null && most === null) return { text: `= ${text}`, state: "" };
    // 99,96% is drawn as 100% but does not reach it.
    const rounded = low && tenths(above, below) * 10n >= least ? "dưới " : "= ";
    return {
      text: `${rounded}${text} · ${low || high ? "chưa đạt yêu cầu" : "đạt yêu cầu"}`,
      state: low || high ? "not-met" : "met",
    };
  }

  document.querySelectorAll("[data-ratio]").forEach((ratio) => {
    const part = (name) => ratio.querySelector(`[data-part="${name}"]`);
    const result = part("result");
    const limits = {
      atLeast: ratio.dataset.atLeast,
      atMost: ratio.dataset.atMost,
      mayExceed: "mayExceed" in ratio.dataset,
    };
    const show = () => {
      const found = share(part("numerator").value, part("denominator").value, limits);
      result.textContent = found ? found.text : "";
      result.className = found?.state ? `indicator-share state-${found.state}` : "indicator-share";
    };
    ratio.addEventListener("input", show);
    show();
  });
})();
