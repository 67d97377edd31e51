Console.WriteLine("Footbridge benchmarks");
