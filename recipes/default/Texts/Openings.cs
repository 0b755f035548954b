using System.Text.Json.Nodes;

namespace Dayu.Recipes;

/// <summary>How stories begin that the teacher of stories is to go on with: it knows many subjects, but comes to few by itself.</summary>
static class Openings
{
    static readonly string[] Patterns =
    [
        "Once upon a time, there was a {kinds} {animals} who lived {places}. The {animals}",
        "Once upon a time, there was a {kinds} {animals} who {wishes}.",
        "Once there was a {kinds} {people} who lived {places}. One day,",
        "One day, {names} found a {kinds} {things} {places}.",
        "{names} had a {kinds} {things}.",
        "A {kinds} {animals} and a {kinds} {animals} lived {places}.",
        "There was once a {people} who {wishes}.",
        "Once upon a time, a {kinds} {animals} met a {kinds} {people} {places}.",
        "{names} and {names} were best friends. One morning, they saw a {kinds} {things} {places}.",
        "Long ago, {places}, there was a {kinds} {things}.",
        "The {kinds} {animals} {wishes}.",
        "{names} {wishes}.",
        "One night, a {kinds} {animals} saw a {things} {places}.",
        "In the morning, {names} went out with a {things}.",
    ];

    /// <summary>So many, each once.</summary>
    public static IEnumerable<JsonObject> Make(int count, int seed, HeldPrompts held)
    {
        var (words, random, seen) = (new Words(), new Random(seed), new HashSet<string>());
        while (seen.Count < count)
        {
            var opening = words.Fill(Patterns[random.Next(Patterns.Length)], random);
            if (!held.AreIn(opening) && seen.Add(opening)) yield return new() { ["prompt"] = opening };
        }
    }
}
