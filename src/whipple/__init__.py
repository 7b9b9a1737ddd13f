"""whipple: from the first low pressure reading to the go/no-go for the crew."""
