name = 'one'
