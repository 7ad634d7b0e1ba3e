throw new Error('a mistake at the top of a spec file')
