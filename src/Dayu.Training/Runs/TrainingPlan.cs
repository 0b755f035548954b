namespace Dayu.Training;

/// <summary>What a training will come to: a recipe and what its steps cost.</summary>
/// <param name="Recipe">What is to be done.</param>
/// <param name="Cost">As it was measured.</param>
/// <param name="Preparation">Seconds before the first step: texts read and tokenised, weights drawn or loaded.</param>
public sealed record TrainingPlan(Recipe Recipe, TrainingCost Cost, double Preparation)
{
    /// <summary>
    /// Tokens a parameter at which more of either helps as much: fewer, and a smaller model would have learnt more in the same time.
    /// Hoffmann et al. 2022, arXiv:2203.15556.
    /// </summary>
    public const double Balanced = 20;

    /// <summary>Steps that are still to be made.</summary>
    public long Steps => Recipe.Schedule.Steps - Cost.Done;

    /// <summary>Tokens that will have been read, those of steps that are made already included.</summary>
    public long Tokens => Recipe.Schedule.Steps * Cost.Tokens;

    /// <summary>The same for each parameter.</summary>
    public double TokensPerParameter => (double)Tokens / Cost.Parameters;

    /// <summary>Seconds from the start of the program to its end.</summary>
    public double Seconds => SecondsOf(Steps);

    /// <summary>Bytes that the run's folder takes at most: the newest checkpoints, the best, the one that is being written.</summary>
    public long Disk => Math.Min(Saves(Steps), Recipe.Save.Keep + 2L) * Cost.Checkpoint;

    /// <summary>The recipe with as many steps as end within a time.</summary>
    /// <param name="seconds">From the start of the program to its end.</param>
    /// <param name="measuring">Seconds of them that finding out what a step costs has taken.</param>
    /// <exception cref="RecipeException">Not even one does, or the warm-up is longer.</exception>
    public Recipe Within(double seconds, double measuring = 0)
    {
        if (measuring + SecondsOf(1) > seconds)
            throw new RecipeException($"in {seconds:G4} s there is no room for a single step: "
                + (measuring > 0 ? $"measuring took {measuring:F1} s, and the training would take {SecondsOf(1):F1} s"
                    : $"it takes {SecondsOf(1):F1} s")
                + $" ({Preparation:F1} s to begin, {Cost.Step:F2} s a step, {Cost.Evaluation:F1} s to measure, {Cost.Saving:F1} s to save)",
                RecipeFault.Time);
        seconds -= measuring;
        long fits = 1, tooMany = 2;
        while (SecondsOf(tooMany) <= seconds) (fits, tooMany) = (tooMany, tooMany * 2);
        while (tooMany - fits > 1)
        {
            var middle = fits + (tooMany - fits) / 2;
            (fits, tooMany) = SecondsOf(middle) <= seconds ? (middle, tooMany) : (fits, middle);
        }
        return RecipeFile.Checked(Recipe with { Schedule = Recipe.Schedule with { Steps = Cost.Done + fits } });
    }

    double SecondsOf(long steps) =>
        Preparation + steps * Cost.Step + Evaluations(steps) * Cost.Evaluation + Saves(steps) * Cost.Saving;

    long Evaluations(long steps) => (steps + Recipe.Eval.Every - 1) / Recipe.Eval.Every;

    /// <summary>Those that are due, and one for each measurement: while a training goes well, each is the best so far.</summary>
    long Saves(long steps)
    {
        var (every, best) = (Recipe.Save.Every, Recipe.Eval.Every);
        var due = steps / every;
        if (Cost.HoldsOut) due += steps / best - steps / (every / Gcd(every, best)) / best;
        return due + (steps % every == 0 || Cost.HoldsOut && steps % best == 0 ? 0 : 1);
    }

    static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
