import { expect, test } from "vitest";
import { BodyBudget, type CountedBody } from "./body-budget.ts";

function begin(budget: BodyBudget, name: string, cut: string[], isSigned = false): CountedBody {
  return budget.begin(isSigned, () => void cut.push(name));
}

test("the bodies that began first pay when the budget is used up, and later ones go on", () => {
  const budget = new BodyBudget(100);
  const cut: string[] = [];
  const [a, b, c] = [begin(budget, "a", cut), begin(budget, "b", cut), begin(budget, "c", cut)];
  a.take(40);
  b.take(40);
  c.take(20);
  expect(cut).toEqual([]);
  c.take(1);
  expect(cut).toEqual(["a"]);
  begin(budget, "d", cut).take(80);
  expect(cut).toEqual(["a", "b", "c"]);
});

test("bodies without a checked signature pay before signed ones, whichever began first", () => {
  const budget = new BodyBudget(100);
  const cut: string[] = [];
  const first = begin(budget, "signed 1", cut, true);
  first.take(40);
  begin(budget, "unsigned 1", cut).take(30);
  begin(budget, "unsigned 2", cut).take(30);
  begin(budget, "unsigned 3", cut).take(30);
  expect(cut).toEqual(["unsigned 1"]);
  begin(budget, "signed 2", cut, true).take(60);
  expect(cut).toEqual(["unsigned 1", "unsigned 2", "unsigned 3"]);
  first.take(1);
  expect(cut).toEqual(["unsigned 1", "unsigned 2", "unsigned 3", "signed 1"]);
  begin(budget, "signed 3", cut, true).take(40);
  expect(cut).toHaveLength(4);
});

test("signed bodies leave a part of the budget to the others", () => {
  const budget = new BodyBudget(100);
  const cut: string[] = [];
  begin(budget, "signed 1", cut, true).take(50);
  begin(budget, "signed 2", cut, true).take(50);
  begin(budget, "unsigned 1", cut).take(10);
  expect(cut).toEqual(["signed 1"]);
  begin(budget, "signed 3", cut, true).take(40);
  begin(budget, "unsigned 2", cut).take(10);
  expect(cut).toEqual(["signed 1", "unsigned 1"]);
});

test("what ended is given back, once", () => {
  const budget = new BodyBudget(100);
  const cut: string[] = [];
  const first = begin(budget, "first", cut);
  first.take(100);
  first.end();
  first.end();
  begin(budget, "second", cut).take(100);
  expect(cut).toEqual([]);
});

test("a body above the whole budget is cut itself, and counts nothing from then on", () => {
  const budget = new BodyBudget(100);
  const cut: string[] = [];
  const large = begin(budget, "large", cut);
  large.take(101);
  large.take(101);
  begin(budget, "next", cut).take(100);
  expect(cut).toEqual(["large"]);
});
