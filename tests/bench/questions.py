"""Questions written for measuring: such as no manual of ../shared/data answers, and such as some do."""

from __future__ import annotations

OFF_TOPIC = """
What is the capital of France?
How do I bake sourdough bread?
Who won the football world cup in 1998?
What is the boiling point of ethanol?
How many calories are in a banana?
How do I change the oil in my lawn mower?
What torque do the wheel bolts need?
How do I descale the coffee machine?
Which fertilizer should I use for tomatoes?
How do I file my tax return?
What is the warranty period for the dishwasher?
How do I replace the toner cartridge in the laser printer?
Can I return the shoes after 30 days?
What is the maximum load of the forklift?
How do I reset the error code E42 on the washing machine?
How do I train a neural network in PyTorch?
What are the side effects of ibuprofen?
How do I book a flight to Tokyo?
When does the museum open on Sundays?
How do I tie a bowline knot?
How many litres does the fuel tank hold?
What is the recommended tyre pressure?
How do I install Kubernetes on bare metal?
How do I write a will?
What is the interest rate of the savings account?
How do I bleed the brakes of my bicycle?
How long should I boil an egg?
What voltage does the heat pump need?
How do I clean the filter of the vacuum cleaner?
Where can I buy concert tickets?
How do I apply for a passport?
Why does my dog bark at night?
What gas mixture is used for MIG welding?
Who wrote Pride and Prejudice?
What is the plot of Hamlet?
How do I remove a red wine stain?
How do I play a G chord on the guitar?
How do I calibrate the pH meter?
How often should the cooling tower be inspected for legionella?
What is the part number of the gasket for the hydraulic pump?
Which vaccine does my cat need?
How do I winterize the swimming pool?
What is the exchange rate of the Swiss franc?
How do I prune an apple tree?
What is the resolution of the Hubble telescope?
How do I reset the thermostat to factory settings?
What does the blue light on the router mean?
How do I change the blade of the band saw?
How high may the kitchen hood hang above the cooker?
What is the shelf life of the adhesive?
""".strip().splitlines()

ANSWERED = """
How do I mount a file system at boot time?
How do I create a compressed tar archive?
How can I recover a deleted file?
Which command lists the installed packages?
How do I set the system time zone?
How can I change the default editor?
How do I encrypt a partition with LUKS?
How do I add a user to a group?
What is the difference between a hard link and a symbolic link?
How do I configure the network interface?
How do I rotate a symbol in the schematic?
How do I run the electrical rules check?
How do I assign a footprint to a symbol?
How do I add a global label?
How can I export a netlist?
How do I create a hierarchical sheet?
How do I plot the schematic as PDF?
How do I annotate symbols automatically?
How do I install LinuxCNC from the ISO image?
How do I run the latency test?
What does the stepgen component do?
Which pins does the PID component have?
How do I home an axis?
What hardware do I need for software stepping?
What does halcmd do?
How do I update LinuxCNC to a new version?
""".strip().splitlines()
