// When two descriptions say the same.
import { describe, expect, it } from 'vitest';
import { likeness, wordingOf } from './wording.js';

const compare = (a: string, b: string): number => likeness(wordingOf(a), wordingOf(b));

describe('likeness', () => {
  it.each([
    ['The red circle moves left.', 'A red circle moves to the left.'],
    ['The red circle moves left.', 'red circle moving left'],
    ['A person walks across the street.', 'A person is walking across a street'],
    ['A woman sits down on a chair.', 'The woman sits on the chair'],
    ['A man in a blue shirt opens the door of a car.', 'A man opens a car door.'],
    ['A cyclist rides past parked cars on a wet street.', 'A man rides a bicycle past parked cars on a wet street, cyclist.'],
    ['一个红色的圆向左移动', '一个红色的圆在向左移动'],
    ['It is.', 'it is'],
  ])('takes %j and %j for the same', (a, b) => {
    expect(compare(a, b)).toBeGreaterThan(0);
    expect(compare(b, a)).toBe(compare(a, b));
  });

  // One word replaced among five or fewer leaves 0.8 of the shorter at most: the threshold of 0.85 is above all of these.
  it.each([
    ['The red circle moves left.', 'The red circle moves right.'],
    ['The red circle moves left.', 'The blue circle moves left.'],
    ['The red circle grows.', 'The red circle shrinks.'],
    ['The big red circle moves left.', 'The big red circle moves right.'],
    ['Track 1', 'Track 2'],
    ['A car enters.', 'A car enters the yard, turns around twice and leaves through the gate.'],
    ['It is.', 'They are.'],
    ['一个红色的圆', '两只蓝色的猫'],
  ])('takes %j and %j for different', (a, b) => expect(compare(a, b)).toBe(0));
});
